"""Ten iterations of Genomics: an initial workflow and nine edits, three of each of HELIX's kinds."""

from __future__ import annotations

from benchmarks.scripts.script import Edit, Script

ITERATIONS: tuple[Edit | None, ...] = (
    None,
    Edit("L/I", "more clusters: 30 -> 60", "clusters", "number = 30", "number = 60"),
    Edit("PPR", "terms that 5 genes of a cluster have count, too", "enriched", "genes >= 10", "genes >= 5"),
    Edit(
        "DPR",
        "a gene's rare words count more",
        "gene_vectors",
        "rare = np.log(counts.shape[0] / (1 + frequency))",
        "rare = np.log(counts.shape[0] / (1 + frequency)) ** 2",
    ),
    Edit("L/I", "a larger embedding: 50 -> 80", "embedding", "size, epochs = 50, 3", "size, epochs = 80, 3"),
    Edit(
        "PPR",
        "one more metric: silhouette",
        "scores",
        '    "types_nmi": normalized_mutual_info_score(genes["gene_type"], clusters),\n',
        '    "types_nmi": normalized_mutual_info_score(genes["gene_type"], clusters),\n'
        '    "silhouette": float(silhouette_score(gene_vectors[:3000], clusters[:3000])),\n',
    ),
    Edit(
        "DPR",
        "tidier query, same table",
        "genes",
        'for kind in ("bp", "mf", "cc")',
        'for kind in ["bp", "mf", "cc"]',
    ),
    Edit("L/I", "the smaller embedding again", "embedding", "size, epochs = 80, 3", "size, epochs = 50, 3"),
    Edit("PPR", "more terms named in the picture", "map_of_clusters", "nsmallest(12,", "nsmallest(16,"),
    Edit(
        "DPR",
        "tokenising: what a hyphen joins are words of their own",
        "sentences",
        'words(f"{term}. {definition}")',
        'words(f"{term}. {definition}".replace("-", " "))',
    ),
)

SCRIPT = Script("genomics", ITERATIONS)
