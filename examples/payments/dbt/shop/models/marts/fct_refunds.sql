{{ config(materialized='incremental', unique_key='refund_id') }}

select
    refunds.refund_id,
    refunds.payment_id,
    refunds.refund_date,
    refunds.received_at,
    payments.merchant_id,
    payments.currency,
    payments.amount_minor as payment_amount_minor,
    refunds.refund_minor,
    refunds.reason
from {{ ref('int_refunds_latest') }} as refunds
inner join {{ ref('int_payments_latest') }} as payments
    on payments.payment_id = refunds.payment_id
{% if is_incremental() %}
where refunds.received_at >= {{ late_since('received_at') }}
{% endif %}
