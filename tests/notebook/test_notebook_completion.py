"""What the Tab key offers on ``%helix`` and ``%%helix`` lines."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def worked(shell: Any) -> Any:
    shell("%%helix rows\nrows = [1]")
    shell("%%helix X_train X_test --name split\nX_train = X_test = rows")
    shell("%helix run")
    shell("%helix run")
    return shell


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        pytest.param("%helix ch", ["checkout"], id="verb"),
        pytest.param("x = %helix wh", ["why"], id="assigned"),
        pytest.param("  %helix wh", ["why"], id="indented"),
        pytest.param("%helix why ro", ["rows"], id="node"),
        pytest.param("%helix why sp", ["split"], id="named-node"),
        pytest.param("%helix get X_te", ["X_test"], id="output"),
        pytest.param("%helix run rows sp", ["split"], id="second-target"),
        pytest.param("%helix run --wi", ["--within"], id="flag"),
        pytest.param("%helix run --force ro", ["rows"], id="node-behind-a-flag"),
        pytest.param("%helix plan --drop sp", ["split"], id="what-if-node"),
        pytest.param("%helix plan --never X_te", ["X_test"], id="what-if-output"),
        pytest.param("%helix plan --policy a", ["adaptive", "all"], id="what-if-policy"),
        pytest.param("%helix plan --bud", ["--budget"], id="what-if-flag"),
        pytest.param("%helix pin --ne", ["--never"], id="never"),
        pytest.param("%helix checkout ", ["2", "1"], id="versions"),
        pytest.param("%helix diff 1 ", ["2", "1"], id="second-version"),
        pytest.param("%helix trace rows --version ", ["2", "1"], id="version-behind-a-flag"),
        pytest.param("%helix trace rows --ht", ["--html"], id="file-flag"),
        pytest.param("%helix trace rows --html page.html --js", ["--json"], id="second-file-flag"),
        pytest.param("%helix config bud", ["budget="], id="setting"),
        pytest.param("%helix config policy=a", ["adaptive", "all"], id="setting-value"),
        pytest.param("%helix config auto=", ["true", "false"], id="switch"),
        pytest.param("%%helix table --up", ["--update"], id="cell-flag"),
        pytest.param("# helix: table --me", ["--metrics"], id="comment-flag"),
    ],
)
def test_tab_offers(worked: Any, text: str, offered: list[str]) -> None:
    found = worked.complete(text)
    assert found[: len(offered)] == offered or sorted(found) == sorted(offered)


def test_all_verbs_are_offered_behind_the_magic(worked: Any) -> None:
    found = worked.complete("%helix ")
    assert {"run", "status", "plan", "why", "dag", "versions", "diff", "get", "checkout", "gc", "export"} <= set(found)


def test_other_lines_complete_as_ever(worked: Any) -> None:
    worked("budget_of_mine = 1")
    assert worked.complete("budget_of") == ["budget_of_mine"]
    assert "helix" not in "".join(worked.complete("print(ro"))


def test_completion_of_a_node_before_anything_is_declared_offers_no_node(shell: Any) -> None:
    assert shell.complete("%helix why ro") == []


def test_a_real_kernel_offers_verbs_and_nodes(kernel: Any) -> None:
    kernel("%%helix rows\nrows = 1")
    for text, wanted in (("%helix chec", "checkout"), ("%helix why ro", "rows")):
        content = kernel.client.complete(text, len(text), reply=True, timeout=30)["content"]
        assert wanted in content["matches"]
        assert text[content["cursor_start"] : content["cursor_end"]] == text.split()[-1]
