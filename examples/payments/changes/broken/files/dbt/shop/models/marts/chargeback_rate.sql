{{ config(meta={'owner': 'risk'}) }}

with captured as (
    select merchant_id, count(*) as payments
    from {{ ref('fct_payments') }}
    where status = 'captured'
    group by 1
),

disputed as (
    select merchant_id, count(*) as chargebacks, sum(lost_minor)::bigint as lost_minor
    from {{ ref('int_disputes_by_merchant') }}
    group by 1
)

select
    captured.merchant_id,
    merchants.risk_tier,
    captured.payments,
    coalesce(disputed.chargebacks, 0) as chargebacks,
    coalesce(disputed.lost_minor, 0) as lost_minor,
    round(coalesce(disputed.chargebacks, 0)::numeric / captured.payments, 4) as chargeback_rate
from captured
inner join {{ ref('dim_merchants') }} as merchants
    on merchants.merchant_id = captured.merchant_id
left join disputed
    on disputed.merchant_id = captured.merchant_id
