{{ config(materialized='incremental', unique_key='payment_id', on_schema_change='append_new_columns') }}

select
    payments.payment_id,
    payments.business_date,
    payments.event_time,
    payments.received_at,
    payments.merchant_id,
    payments.payer_ref,
    payments.rail,
    payments.method,
    payments.country,
    payments.currency,
    payments.status,
    payments.amount_minor,
    converted.amount_eur_minor,
    coalesce(fees.fee_minor, 0) as fee_minor
from {{ ref('int_payments_latest') }} as payments
left join {{ ref('int_payments_converted') }} as converted
    on converted.payment_id = payments.payment_id
left join {{ ref('int_payment_fees') }} as fees
    on fees.payment_id = payments.payment_id
{% if is_incremental() %}
where payments.received_at >= {{ late_since('received_at') }}
{% endif %}
