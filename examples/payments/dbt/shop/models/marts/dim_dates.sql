with bounds as (
    select min(business_date) as first_day, max(business_date) as last_day
    from {{ ref('stg_payments') }}
)

select
    day::date as business_date,
    extract(isodow from day)::integer as weekday,
    extract(isodow from day) > 5 as is_weekend,
    date_trunc('month', day)::date as month
from bounds
cross join lateral generate_series(bounds.first_day, bounds.last_day, interval '1 day') as day
