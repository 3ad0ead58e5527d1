select *
from {{ ref('fct_settlement_reconciliation') }}
where not reconciled
