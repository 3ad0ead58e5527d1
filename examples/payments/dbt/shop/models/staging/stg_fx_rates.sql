{{ config(meta={'owner': 'finance'}) }}

select rate_date, currency, rate_to_eur
from {{ source('raw', 'fx_rates') }}
