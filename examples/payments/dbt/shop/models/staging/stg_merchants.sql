select
    merchant_id,
    category,
    country,
    settlement_currency,
    fee_bps,
    fee_fixed_minor,
    risk_tier,
    onboarded_on
from {{ source('raw', 'merchants') }}
