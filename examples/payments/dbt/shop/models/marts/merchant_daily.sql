{{ config(materialized='incremental', unique_key=['merchant_id', 'business_date', 'currency']) }}

select
    merchant_id,
    business_date,
    currency,
    count(*) as payments,
    count(*) filter (where status = 'captured') as captured,
    coalesce(sum(amount_minor) filter (where status = 'captured'), 0)::bigint as captured_minor,
    sum(fee_minor)::bigint as fee_minor,
    max(received_at) as received_at
from {{ ref('fct_payments') }}
{% if is_incremental() %}
-- Whole days are counted again: a late record changes the totals of its business day.
where business_date in (
    select business_date
    from {{ ref('fct_payments') }}
    where received_at >= {{ late_since('received_at') }}
)
{% endif %}
group by 1, 2, 3
