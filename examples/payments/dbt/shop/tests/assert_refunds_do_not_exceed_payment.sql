select payment_id
from {{ ref('fct_refunds') }}
group by payment_id, payment_amount_minor
having sum(refund_minor) > payment_amount_minor
