import unittest

from headgate_bridge.running.refusal import Refusal
from headgate_bridge.running.release import find_release

from .home import HomeCase, digest_of


class FindingTheRelease(HomeCase):
    def refusal(self, name: str = "shop", pinned: "str | None" = None) -> Refusal:
        with self.assertRaises(Refusal) as caught:
            find_release(self.home.root, "dbt", name, pinned)
        return caught.exception

    def test_the_live_release_is_run_when_nothing_is_pinned(self) -> None:
        release = find_release(self.home.root, "dbt", "shop", None)
        self.assertEqual((release.bundle, release.part), (self.bundle, self.part))
        self.assertTrue((release.folder / "dbt/shop/dbt_project.yml").is_file())

    def test_a_pinned_run_stays_on_its_release_after_the_switch(self) -> None:
        newer = self.home.part("dbt/shop", {"dbt/shop/dbt_project.yml": "name: newer\n"}, "2")
        self.home.pointer("dbt/shop", self.home.bundle("2", {"dbt/shop": newer}, self.settings), newer)
        self.assertEqual(find_release(self.home.root, "dbt", "shop", self.bundle).part, self.part)
        self.assertEqual(find_release(self.home.root, "dbt", "shop", None).part, newer)

    def test_disabled_is_75_for_pinned_runs_too(self) -> None:
        self.home.pointer("dbt/shop", self.bundle, self.part, disabled=True)
        for pinned in (None, self.bundle):
            refusal = self.refusal(pinned=pinned)
            self.assertEqual(refusal.status, 75)
            self.assertIn("dbt/shop is disabled", str(refusal))

    def test_what_was_never_released_is_refused(self) -> None:
        refusal = self.refusal(name="other")
        self.assertEqual(refusal.status, 3)
        self.assertIn("has not been released here", str(refusal))

    def test_a_release_without_the_project_names_what_it_holds(self) -> None:
        bundle = self.home.bundle("3", {"spark/settle": self.part}, self.settings)
        self.assertIn("does not hold dbt/shop; it holds spark/settle", str(self.refusal(pinned=bundle)))

    def test_an_unknown_release_is_not_complete(self) -> None:
        self.assertIn("is not complete here", str(self.refusal(pinned=digest_of("nothing"))))

    def test_a_release_that_is_no_digest_never_becomes_a_path(self) -> None:
        self.assertIn("is no digest", str(self.refusal(pinned="../../etc/passwd")))

    def test_a_part_without_its_record_is_not_complete(self) -> None:
        (self.home.root / "parts" / f"{self.part[7:]}.json").unlink()
        self.assertIn("is not complete here", str(self.refusal()))

    def test_a_part_with_a_file_missing_is_not_complete_although_its_record_is_there(self) -> None:
        (self.home.root / "parts" / self.part[7:] / "dbt/shop/dbt_project.yml").unlink()
        self.assertIn("0 files of 1", str(self.refusal()))

    def test_a_part_with_a_changed_size_is_not_complete(self) -> None:
        self.home.write(f"parts/{self.part[7:]}/dbt/shop/dbt_project.yml", "name: sho")
        self.assertIn("bytes of", str(self.refusal()))

    def test_byte_code_beside_the_files_is_not_counted(self) -> None:
        self.home.write(f"parts/{self.part[7:]}/dbt/shop/__pycache__/x.pyc", "xx")
        self.assertEqual(find_release(self.home.root, "dbt", "shop", None).part, self.part)

    def test_a_record_of_a_newer_version_is_refused(self) -> None:
        self.home.write("pointers/dbt/shop.json", {"version": 2, "bundle": self.bundle})
        self.assertIn("has version 2", str(self.refusal()))

    def test_a_half_written_record_is_refused(self) -> None:
        self.home.write("pointers/dbt/shop.json", '{"version": 1, "bun')
        self.assertIn("cannot be read", str(self.refusal()))

    def test_a_pointer_and_a_release_that_disagree_are_refused(self) -> None:
        self.home.pointer("dbt/shop", self.bundle, digest_of("another part"))
        self.assertIn("the pointer of dbt/shop names part", str(self.refusal()))


if __name__ == "__main__":
    unittest.main()
