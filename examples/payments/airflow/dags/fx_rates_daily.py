"""Checks that the day's exchange rates are there and plausible before anything is converted with them."""

from airflow.decorators import dag, task
from airflow.exceptions import AirflowSkipException
from payments.datasets import FX_RATES
from payments.defaults import START, default_args


@task
def read_rates(lake_root: str) -> dict[str, float]:
    """The last rate of each currency, in euro."""
    from payments.landing import read_rows

    rates = {row["currency"]: float(row["rate_to_eur"]) for row in read_rows(lake_root, "landing/fx_rates")}
    if not rates:
        raise AirflowSkipException("no rates have landed yet")
    return rates


@task(outlets=[FX_RATES])
def check_rates(rates: dict[str, float]) -> None:
    odd = {currency: rate for currency, rate in rates.items() if not 0 < rate < 10}
    if odd:
        raise ValueError(f"rates out of range: {odd}")
    print(f"{len(rates)} rates are plausible")


@dag(
    schedule="30 2 * * *",
    start_date=START,
    catchup=False,
    default_args=default_args("finance"),
    tags=["daily"],
    doc_md=__doc__,
)
def fx_rates_daily():
    check_rates(read_rates("{{ var.value.lake_root }}"))


fx_rates_daily()
