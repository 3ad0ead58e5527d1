select currency, name, decimals
from {{ ref('currencies') }}
