import json
import os
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

from headgate_bridge.running.command import Command, dbt_command, spark_command
from headgate_bridge.running.refusal import Refusal
from headgate_bridge.running.release import Release, find_release

from .home import HomeCase

SECRET = "hunter2"
ENV = {"HEADGATE_DBT_PYTHON": sys.executable}


class DbtCommand(HomeCase):
    def setUp(self) -> None:
        super().setUp()
        os.environ["TEST_HEADGATE_PASSWORD"] = SECRET
        self.addCleanup(os.environ.pop, "TEST_HEADGATE_PASSWORD", None)

    def release(self, own: dict[str, Any]) -> Release:
        self.settings["parts"]["dbt/shop"] = {"path": "dbt/shop", **own}
        self.home.bundle("1", {"dbt/shop": self.part}, self.settings)
        return find_release(self.home.root, "dbt", "shop", None)

    def command(self, own: dict[str, Any], args: "list[str] | None" = None) -> Command:
        return dbt_command(self.release(own), args or ["build"], Path("/scratch"), ENV)

    def variables(self, own: dict[str, Any]) -> Any:
        argv = self.command(own).argv
        return json.loads(argv[argv.index("--vars-of-release") + 1])

    def test_values_keep_their_types_in_variables(self) -> None:
        own = {
            "vars": {
                "port": "${values.port}",
                "full": "${values.full}",
                "url": "db://${values.host}:${values.port}/${values.full}",
                "all": {"in": ["${values.regions}"]},
            }
        }
        self.assertEqual(
            self.variables(own),
            {"port": 5432, "full": True, "url": "db://db1:5432/true", "all": {"in": [["eu", "us"]]}},
        )

    def test_other_dollar_braces_are_left_alone(self) -> None:
        self.assertEqual(self.variables({"vars": {"x": "${env:HOME} ${foo.bar}"}}), {"x": "${env:HOME} ${foo.bar}"})

    def test_secrets_go_into_env_and_never_into_arguments(self) -> None:
        command = self.command(
            {"env": {"PASSWORD": "${secrets.password}", "URL": "u:${secrets.password}@${values.host}"}}
        )
        self.assertEqual((command.env["PASSWORD"], command.env["URL"]), (SECRET, f"u:{SECRET}@db1"))
        self.assertNotIn(SECRET, " ".join(command.argv))

    def test_a_secret_in_variables_is_refused_by_place_and_name(self) -> None:
        with self.assertRaises(Refusal) as caught:
            self.command({"vars": {"db": {"password": "x${secrets.password}"}}})
        self.assertIn("vars.db.password holds ${secrets.password}", str(caught.exception))
        self.assertEqual(caught.exception.status, 3)

    def test_a_secret_that_is_not_set_is_named_by_its_reference(self) -> None:
        del os.environ["TEST_HEADGATE_PASSWORD"]
        with self.assertRaises(Refusal) as caught:
            self.command({"env": {"PASSWORD": "${secrets.password}"}})
        self.assertEqual(str(caught.exception), "the secret password (env:TEST_HEADGATE_PASSWORD) is not set here")
        os.environ["TEST_HEADGATE_PASSWORD"] = SECRET

    def test_a_secret_is_read_from_a_file_without_its_last_line_end(self) -> None:
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("from file\n")
            file.flush()
            self.settings["secrets"]["password"] = f"file:{file.name}"
            self.assertEqual(self.command({"env": {"P": "${secrets.password}"}}).env["P"], "from file")

    def test_an_unknown_value_is_refused_with_its_place(self) -> None:
        with self.assertRaises(Refusal) as caught:
            self.command({"vars": {"x": "${values.nothing}"}})
        self.assertEqual(str(caught.exception), "vars.x needs the value nothing, which this environment does not have")

    def test_the_project_and_where_dbt_writes_are_not_for_the_caller_to_say(self) -> None:
        for option in ("--project-dir", "--target-path=/x", "--log-path"):
            with self.assertRaises(Refusal) as caught:
                self.command({}, ["build", option])
            self.assertEqual(caught.exception.status, 2)

    def test_dbt_writes_into_the_scratch_folder_only(self) -> None:
        argv = self.command({"profile-target": "prod"}, ["run", "--select", "a+"]).argv
        folder = self.home.root / "parts" / self.part[7:] / "dbt/shop"
        self.assertEqual(
            argv[2:],
            [
                *("--vars-of-release", "{}", "run", "--select", "a+", "--project-dir", str(folder.resolve())),
                *("--target-path", "/scratch/target", "--log-path", "/scratch/logs", "--target", "prod"),
            ],
        )

    def test_disabled_models_are_left_out_of_what_is_run(self) -> None:
        release = self.release({})._replace(stopped=("dbt:model/shop.orders", "airflow:dag/x"))
        argv = dbt_command(release, ["build", "--select", "a"], Path("/scratch"), ENV).argv
        self.assertEqual(argv[-2:], ["--exclude", "package:shop,orders"])
        self.assertNotIn("--exclude", dbt_command(release, ["deps"], Path("/scratch"), ENV).argv)

    def test_a_path_that_leads_out_of_the_release_is_refused(self) -> None:
        with self.assertRaises(Refusal) as caught:
            self.command({"path": "../.."})
        self.assertIn("leads out of the release", str(caught.exception))


class SparkCommand(HomeCase):
    def setUp(self) -> None:
        super().setUp()
        self.part = self.home.part("spark/settle", {"spark/jobs/settle/settle.py": "print(1)\n"})
        self.bin = self.home.root / "venv/bin"
        self.home.write("venv/bin/spark-submit", "")
        self.env = {"HEADGATE_SPARK_PYTHON": str(self.bin / "python")}

    def command(self, own: dict[str, Any], args: "list[str] | None" = None) -> Command:
        self.settings["parts"]["spark/settle"] = {"path": "spark/jobs/settle", "main": "settle.py", **own}
        bundle = self.home.bundle("1", {"spark/settle": self.part}, self.settings)
        self.home.pointer("spark/settle", bundle, self.part)
        return spark_command(find_release(self.home.root, "spark", "settle", None), args or [], self.env)

    def test_configuration_packages_and_arguments_come_from_the_release(self) -> None:
        own = {
            "conf": {"spark.sql.shuffle.partitions": "${values.port}", "spark.x": "${values.full}"},
            "packages": ["a:b:1"],
            "args": ["--host", "${values.host}"],
        }
        main = (self.home.root / "parts" / self.part[7:] / "spark/jobs/settle/settle.py").resolve()
        self.assertEqual(
            self.command(own, ["--day", "2024-01-01"]).argv,
            [
                *(str(self.bin / "spark-submit"), "--conf", "spark.sql.shuffle.partitions=5432"),
                *("--conf", "spark.x=true", "--packages", "a:b:1", str(main)),
                *("--host", "db1", "--day", "2024-01-01"),
            ],
        )

    def test_a_secret_in_arguments_or_configuration_is_refused(self) -> None:
        for own in ({"args": ["${secrets.password}"]}, {"conf": {"spark.password": "${secrets.password}"}}):
            with self.assertRaises(Refusal) as caught:
                self.command(own)
            self.assertIn("a secret may only go into env", str(caught.exception))

    def test_the_jobs_own_folder_is_importable(self) -> None:
        folder = (self.home.root / "parts" / self.part[7:] / "spark/jobs/settle").resolve()
        self.assertEqual(self.command({}).env["PYTHONPATH"], str(folder))


if __name__ == "__main__":
    unittest.main()
