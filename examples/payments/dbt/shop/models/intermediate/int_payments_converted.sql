select
    payments.payment_id,
    payments.business_date,
    payments.currency,
    payments.amount_minor,
    rates.rate_to_eur,
    round(payments.amount_minor * rates.rate_to_eur)::bigint as amount_eur_minor
from {{ ref('int_payments_latest') }} as payments
inner join {{ ref('stg_fx_rates') }} as rates
    on rates.currency = payments.currency
    and rates.rate_date = payments.business_date
