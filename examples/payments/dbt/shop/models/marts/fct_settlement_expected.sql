{{ config(meta={'owner': 'ledger'}) }}

select
    merchant_id,
    settle_date,
    currency,
    sum(payment_count)::bigint as payment_count,
    sum(gross_minor)::bigint as gross_minor,
    sum(refund_minor)::bigint as refund_minor,
    sum(fee_minor)::bigint as fee_minor,
    sum(gross_minor - refund_minor - fee_minor)::bigint as net_minor
from {{ ref('int_settlement_movements') }}
group by 1, 2, 3
