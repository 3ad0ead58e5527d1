select
    business_date,
    method,
    country,
    count(*) as payments,
    count(*) filter (where status = 'captured') as captured,
    coalesce(sum(amount_eur_minor) filter (where status = 'captured'), 0)::bigint as captured_eur_minor,
    round(avg((status = 'captured')::integer), 4) as captured_share
from {{ ref('fct_payments') }}
group by 1, 2, 3
