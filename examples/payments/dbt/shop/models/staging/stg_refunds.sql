select
    refund_id,
    payment_id,
    refunded_at,
    received_at,
    {{ utc_date('refunded_at') }} as refund_date,
    amount_minor as refund_minor,
    reason
from {{ source('raw', 'refunds') }}
