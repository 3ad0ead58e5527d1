{{ config(tags=['hourly']) }}

select
    payment_id,
    version,
    event_time,
    received_at,
    {{ utc_date('event_time') }} as business_date,
    merchant_id,
    payer_ref,
    rail,
    method,
    country,
    currency,
    amount_minor,
    status,
    decline_reason
from {{ source('raw', 'payments') }}
