select
    payments.payment_id,
    payments.merchant_id,
    payments.business_date,
    payments.currency,
    payments.amount_minor,
    {{ fee_minor('payments.amount_minor', 'merchants.fee_bps', 'merchants.fee_fixed_minor') }} as fee_minor
from {{ ref('int_payments_latest') }} as payments
inner join {{ ref('stg_merchants') }} as merchants
    on merchants.merchant_id = payments.merchant_id
where payments.status = 'captured'
