{{ config(tags=['hourly'], meta={'owner': 'payments'}) }}

select
    date_trunc('hour', payments.event_time at time zone 'UTC') as hour,
    payments.rail,
    count(*) as attempts,
    count(*) filter (where payments.status = 'declined') as declined,
    count(*) filter (where reasons.may_retry) as worth_a_retry,
    round(1 - avg((payments.status = 'declined')::integer), 4) as approval_rate
from {{ ref('int_payments_latest') }} as payments
left join {{ ref('decline_reasons') }} as reasons
    on reasons.decline_reason = payments.decline_reason
group by 1, 2
