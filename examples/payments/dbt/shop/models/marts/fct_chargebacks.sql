{{ config(meta={'owner': 'risk'}) }}

select
    chargebacks.chargeback_id,
    chargebacks.payment_id,
    chargebacks.opened_date,
    chargebacks.stage,
    chargebacks.reason,
    payments.merchant_id,
    payments.currency,
    chargebacks.disputed_minor,
    case when chargebacks.stage = 'lost' then chargebacks.disputed_minor else 0 end as lost_minor
from {{ ref('int_chargebacks_latest') }} as chargebacks
inner join {{ ref('int_payments_latest') }} as payments
    on payments.payment_id = chargebacks.payment_id
