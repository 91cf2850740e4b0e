"""The package that is installed on a server: every file of ours is in it, pages and style sheets too."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
BUILD = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"


def test_the_package_holds_all_code_pages_and_styles(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for folder in ("crm", "importers"):
        shutil.copytree(ROOT / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, source)
    made = subprocess.run([sys.executable, "-c", BUILD, str(tmp_path)], cwd=source, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        packed = {name for name in wheel.namelist() if name.startswith(("crm/", "importers/"))}
    files = {str(path.relative_to(source)) for path in source.rglob("*") if path.is_file()}
    ours = {path for path in files if path.startswith(("crm/", "importers/"))}
    assert len(ours) > 200
    assert ours == packed
