import tempfile
import unittest
from pathlib import Path

from headgate_bridge.dags.list_files import ignore_syntax

# Text of an .airflowignore -> the syntax that it is written in.
CASES = {
    "project_a\ntenant_[0-9]\n": "regexp",
    ".*_draft\\.py  # drafts\n": "regexp",
    "": "regexp",
    "# only a comment: **/*.py\n": "regexp",
    "**/__pycache__/\n": "glob",
    "*.tmp.py\n": "glob",
    "/only_here.py\n": "glob",
    "helpers/\n!helpers/keep.py\n": "glob",
    "[unclosed\n": "glob",
}


class IgnoreFiles(unittest.TestCase):
    def test_the_syntax_is_told_from_the_patterns(self) -> None:
        for text, expected in CASES.items():
            with self.subTest(text), tempfile.TemporaryDirectory() as folder:
                (Path(folder) / ".airflowignore").write_text(text)
                self.assertEqual(ignore_syntax(folder), expected)

    def test_without_a_file_it_is_airflows_default(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(ignore_syntax(folder), "regexp")


if __name__ == "__main__":
    unittest.main()
