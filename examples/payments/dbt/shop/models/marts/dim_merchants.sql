select
    merchant_id,
    category,
    country,
    settlement_currency,
    risk_tier,
    onboarded_on,
    fee_bps,
    fee_fixed_minor
from {{ ref('stg_merchants') }}
