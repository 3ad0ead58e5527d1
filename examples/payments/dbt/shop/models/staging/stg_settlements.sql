{{ config(tags=['hourly'], meta={'owner': 'ledger'}) }}

select
    merchant_id,
    settle_date,
    currency,
    payment_count,
    gross_minor,
    refund_minor,
    fee_minor,
    net_minor
from {{ source('raw', 'settlements') }}
