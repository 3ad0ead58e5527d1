import datetime
import unittest
from types import SimpleNamespace
from typing import Any

from headgate_bridge.dbt_project.stand_ins import add_missing, input_columns


def node(name: str, kind: str = "model", raw_code: str = "", **columns: str) -> Any:
    described = {column: SimpleNamespace(data_type=data_type) for column, data_type in columns.items()}
    return SimpleNamespace(
        unique_id=f"{kind}.shop.{name}", name=name, resource_type=kind, raw_code=raw_code, columns=described
    )


def manifest(nodes: list[Any], given: dict[str, Any]) -> Any:
    inputs = [SimpleNamespace(input=said, rows=rows, format="dict") for said, rows in given.items()]
    test = SimpleNamespace(name="t", model="orders", given=inputs, depends_on=SimpleNamespace(nodes=[]))
    return SimpleNamespace(nodes={one.unique_id: one for one in nodes}, sources={}, unit_tests={"t": test})


class StandIns(unittest.TestCase):
    def test_a_column_has_its_declared_type_else_that_of_its_values(self) -> None:
        rows = [
            {"id": 1, "at": "2025-01-02 10:00:00", "day": datetime.date(2025, 1, 2), "amount": 1},
            {"id": "x", "at": None, "amount": 1.5, "ok": True},
        ]
        found = input_columns(manifest([node("stg", amount="numeric(9,2)")], {"ref('stg')": rows}))
        self.assertEqual(
            found["model.shop.stg"][1],
            {"amount": "numeric(9,2)", "id": "varchar", "at": "timestamp", "day": "date", "ok": "boolean"},
        )

    def test_a_column_that_the_test_leaves_out_goes_to_the_input_that_speaks_of_it(self) -> None:
        nodes = [node("stg_items"), node("stg_orders", raw_code="select ordered_at, store_id from x")]
        known = manifest(nodes, {"ref('stg_items')": [{"id": 1}], "ref('stg_orders')": [{"id": 1}]})
        inputs = input_columns(known)
        model = SimpleNamespace(raw_code="select orders.ordered_at, orders.id, orders.store_id from orders")
        said = 'Binder Error: Values list "orders" does not have a column named "ordered_at"'
        self.assertEqual(add_missing(inputs, known.unit_tests["t"], model, said), "ordered_at")
        self.assertEqual(
            inputs["model.shop.stg_orders"][1], {"id": "bigint", "ordered_at": "timestamp", "store_id": "varchar"}
        )
        self.assertEqual(inputs["model.shop.stg_items"][1], {"id": "bigint"})

    def test_other_errors_are_about_the_model(self) -> None:
        known = manifest([node("stg")], {"ref('stg')": [{"id": 1}]})
        said = "Catalog Error: Scalar Function with name flatten does not exist!"
        self.assertIsNone(add_missing(input_columns(known), known.unit_tests["t"], SimpleNamespace(raw_code=""), said))


if __name__ == "__main__":
    unittest.main()
