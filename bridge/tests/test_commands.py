import unittest

from headgate_bridge.dags.commands import runs_of_command

# Shell text -> (kind, ref, detail) of what it runs.
CASES = {
    "dbt run": [("dbt", "", "run")],
    "dbt build --select a b+ --exclude tag:x": [("dbt", "", "build --select a b+ --exclude tag:x")],
    "dbt --no-use-colors run -m 'a b' --full-refresh": [("dbt", "", "run --select a b")],
    "dbt test --select=a,b --project-dir /opt/shop": [("dbt", "/opt/shop", "test --select a,b")],
    "dbt run --selector nightly": [("dbt", "", "run --select selector:nightly")],
    "cd /opt/shop && FOO=1 /venv/bin/dbt seed; dbt test": [("dbt", "/opt/shop", "seed"), ("dbt", "/opt/shop", "test")],
    "poetry run dbt snapshot": [("dbt", "", "snapshot")],
    'bash -c "cd shop && dbt run -s a"': [("dbt", "shop", "run --select a")],
    "dbt run \\\n  --select a \\\n  --target prod": [("dbt", "", "run --select a")],
    'dbt run --vars \'{"day": "{{ ds }}"}\' -s a': [("dbt", "", "run --select a")],
    "{% if params.full %}dbt run --full-refresh{% endif %}": [("dbt", "", "run")],
    "headgate-run dbt shop build -s a": [("dbt", "shop", "build --select a")],
    "headgate-run spark settle --day {{ ds }}": [("spark", "settle", "--day {{ds}}")],
    "spark-submit --master yarn --conf a=b --verbose s3://x/y.py --d 1": [("spark", "s3://x/y.py", "--d 1")],
    "echo dbt run": [("bash", "echo", "echo dbt run")],
    "pip install dbt": [("bash", "pip", "pip install dbt")],
    "python job.py --x": [("bash", "python", "python job.py --x")],
    "echo 'unbalanced": [("bash", "echo", "echo 'unbalanced")],
    "": [("bash", "", "")],
}


class WhatACommandRuns(unittest.TestCase):
    def test_it_is_found_in_shell_text(self) -> None:
        for text, expected in CASES.items():
            with self.subTest(text):
                runs = runs_of_command(text)
                self.assertEqual([(run["kind"], run["ref"], run["detail"]) for run in runs], expected)


if __name__ == "__main__":
    unittest.main()
