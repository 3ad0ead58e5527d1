-- One row per merchant, day and currency that either side knows.
select
    coalesce(expected.merchant_id, settled.merchant_id) as merchant_id,
    coalesce(expected.settle_date, settled.settle_date) as settle_date,
    coalesce(expected.currency, settled.currency) as currency,
    coalesce(expected.net_minor, 0) as expected_net_minor,
    coalesce(settled.net_minor, 0) as settled_net_minor,
    coalesce(expected.fee_minor, 0) as expected_fee_minor,
    coalesce(settled.fee_minor, 0) as settled_fee_minor,
    coalesce(expected.net_minor, 0) = coalesce(settled.net_minor, 0)
    and coalesce(expected.fee_minor, 0) = coalesce(settled.fee_minor, 0) as reconciled
from {{ ref('fct_settlement_expected') }} as expected
full join {{ ref('stg_settlements') }} as settled
    on settled.merchant_id = expected.merchant_id
    and settled.settle_date = expected.settle_date
    and settled.currency = expected.currency
