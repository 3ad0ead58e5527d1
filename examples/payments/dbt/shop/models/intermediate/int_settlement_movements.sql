{{ config(meta={'owner': 'ledger'}) }}

-- A payment moves money on its business day, a refund on the day it is made.
select
    merchant_id,
    business_date as settle_date,
    currency,
    1 as payment_count,
    amount_minor as gross_minor,
    0::bigint as refund_minor,
    fee_minor
from {{ ref('int_payment_fees') }}

union all

select
    fees.merchant_id,
    refunds.refund_date as settle_date,
    fees.currency,
    0 as payment_count,
    0::bigint as gross_minor,
    refunds.refund_minor,
    0::bigint as fee_minor
from {{ ref('int_refunds_latest') }} as refunds
inner join {{ ref('int_payment_fees') }} as fees
    on fees.payment_id = refunds.payment_id
