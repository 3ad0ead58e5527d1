-- The incremental mart must not lose a payment that came late.
select latest.payment_id
from {{ ref('int_payments_latest') }} as latest
left join {{ ref('fct_payments') }} as mart
    on mart.payment_id = latest.payment_id
    and mart.amount_minor = latest.amount_minor
    and mart.status = latest.status
where latest.status = 'captured' and mart.payment_id is null
