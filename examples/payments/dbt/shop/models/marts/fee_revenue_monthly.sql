select
    dates.month,
    merchants.category,
    daily.currency,
    sum(daily.captured_minor)::bigint as captured_minor,
    sum(daily.fee_minor)::bigint as fee_minor,
    {{ to_major('sum(daily.fee_minor)') }} as fee
from {{ ref('merchant_daily') }} as daily
inner join {{ ref('dim_dates') }} as dates
    on dates.business_date = daily.business_date
inner join {{ ref('dim_merchants') }} as merchants
    on merchants.merchant_id = daily.merchant_id
group by 1, 2, 3
