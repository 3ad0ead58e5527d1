{{ config(meta={'owner': 'risk'}) }}

select
    chargeback_id,
    payment_id,
    version,
    opened_at,
    received_at,
    {{ utc_date('opened_at') }} as opened_date,
    amount_minor as disputed_minor,
    reason,
    stage
from {{ source('raw', 'chargebacks') }}
