"""What well-known functions do besides giving a value, by name. Only tables, and how names are looked up in them."""

from __future__ import annotations

import ast


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SETTINGS = _words(
    "filterwarnings simplefilter resetwarnings captureWarnings use basicConfig setLevel rc rcdefaults ion ioff "
    "switch_backend seterr setrecursionlimit chdir init_notebook_mode option_context update putenv unsetenv"
)
SETTING_PREFIXES = ("set_", "enable_", "disable_", "register", "use_", "filter", "reset_")
# of pyplot, whose other functions draw
PYPLOT_SETTINGS = _words("rc rcdefaults use ion ioff switch_backend update")
# settings that change how things look, not what is computed
LOOKS = _words("warnings matplotlib seaborn logging IPython matplotlib_inline plotly")
FIGURE_LIBRARIES = _words("matplotlib seaborn")
GENERATORS = _words("RandomState default_rng Generator PCG64 Philox check_random_state Random SystemRandom")
SEEDERS = _words("seed manual_seed manual_seed_all set_seed set_random_seed seed_everything")
CLOCKS = _words("time perf_counter monotonic process_time time_ns perf_counter_ns now today utcnow")
CLOCK_MODULES = _words("time datetime")
ITERATORS = _words("iter zip map filter enumerate reversed open islice chain tee")
FIGURE_METHODS = _words(
    "figure subplots add_subplot add_axes add_gridspec gca gcf axes subplot subplot_mosaic twinx twiny colorbar "
    "legend hist imshow scatter contour contourf boxplot violinplot bar barh pcolormesh matshow errorbar "
    "from_estimator from_predictions from_cv_results inset_axes"
)
PLOTTING_METHODS = _words("plot plot_tree")
# pyplot functions whose value is no drawing
PYPLOT_VALUES = _words("get_cmap cm colormaps rcParams style cycler Normalize")
FILE_WRITERS = _words(
    "to_csv to_parquet to_pickle to_excel to_json to_feather to_sql to_hdf to_stata to_orc to_xml to_html to_latex "
    "to_markdown to_file to_netcdf to_zarr tofile write_csv write_parquet write_json write_ipc write_table "
    "write_image write_html sink_csv sink_parquet savefig save savez savez_compressed savetxt save_model "
    "save_pretrained imsave imwrite dump dump_svmlight_file write_text write_bytes mkdir makedirs unlink rmtree rmdir "
    "copyfile copytree copy2 move urlretrieve extractall mkdtemp mkstemp TemporaryDirectory NamedTemporaryFile "
    "symlink_to touch"
)
# these write only where they are told to where
WRITERS_WITH_TARGET = _words("to_csv to_json to_xml to_html to_latex to_markdown write_csv write_json")
TARGETS = _words("path_or_buf path_or_buffer path buf file")
# files have these, lists, tables and texts too
FILE_WORDS = _words("remove rename replace truncate")
PROGRAMS = _words("Popen check_output check_call system spawn Thread start_new_thread")
PROGRAM_MODULES = _words("subprocess multiprocessing")
ASKING = _words("input getpass")
# code that reaches names by text
BY_TEXT = _words("eval exec globals __import__")
BY_TEXT_BARE = _words("locals vars dir")
BY_TEXT_MAGICS = _words("run load pylab store reset reset_selective xdel recall rerun macro edit")
# line magics that give a value
GIVING_MAGICS = _words("precision pwd env time timeit prun who_ls alias")
WIDGETS = _words("interact interactive interact_manual interactive_output")
# packages whose functions never draw from a global generator, but for those below
STEADY = _words(
    "numpy pandas matplotlib mpl_toolkits seaborn math os sys time datetime re json itertools functools "
    "collections pathlib io operator string copy warnings logging IPython typing joblib dataclasses textwrap "
    "pprint csv gzip zipfile urllib requests statistics"
)
DRAWING_METHODS = _words("sample rvs shuffle permutation choice bootstrap random_sample")
STEADY_BUILTINS = _words(
    "abs all any ascii bin bool bytearray bytes callable chr classmethod complex delattr dict divmod enumerate "
    "filter float format frozenset getattr hasattr hash help hex id int isinstance issubclass iter len list map "
    "max memoryview min next object oct open ord pow print property range repr reversed round set setattr slice "
    "sorted staticmethod str sum super tuple type vars zip display"
)
# what these give holds what they were given, and works on it in place
HOLDERS = _words("Pipeline make_pipeline FeatureUnion make_union")
FITTING = _words("fit fit_transform fit_predict partial_fit fit_resample train score cross_validate")


def path_of(node: ast.expr) -> tuple[str, ...]:
    """The dotted name that an expression is (``np.random.seed`` as three words); empty for any other expression."""
    words: list[str] = []
    while isinstance(node, ast.Attribute):
        words.append(node.attr)
        node = node.value
    return (node.id, *reversed(words)) if isinstance(node, ast.Name) else ()


SHARING = _words(
    "reshape ravel view transpose squeeze swapaxes moveaxis rollaxis diagonal get items values keys setdefault "
    "iterrows itertuples to_numpy numpy detach getattr iter enumerate zip reversed next asarray asanyarray "
    "atleast_1d atleast_2d atleast_3d array_split split hsplit vsplit dsplit broadcast_to frombuffer expand_dims "
    "from_numpy as_tensor list tuple dict sorted fit partial_fit set_params set_output set_fit_request "
    "set_score_request train_test_split named_steps get_params pop"
)
"""Functions and methods whose value may be, hold or look into what they were given."""

GIVING_THEMSELVES = _words(
    "fit partial_fit set_params set_output set_fit_request set_score_request set_transform_request set_predict_request"
)
"""Methods whose value is their own object."""

TAKING_IN = _words("append appendleft extend insert add update setdefault push put")
"""Methods after which their object holds what they were given."""

HARMLESS_STATEMENTS = (
    FIGURE_METHODS
    | PLOTTING_METHODS
    | _words(
        "show head tail info describe print display savefig summary write flush format close release join wait log "
        "debug warning error exception to_csv to_json to_parquet to_pickle to_excel"
    )
)
"""Methods that leave their object as it is although nobody takes their value."""

QUIET_CALLS = _words(
    "print display len str repr round type sorted sum min max format head tail info describe keys items show join"
)
