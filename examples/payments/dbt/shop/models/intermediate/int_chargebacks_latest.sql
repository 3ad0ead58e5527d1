{{ config(meta={'owner': 'risk'}) }}

{{ latest_record(ref('stg_chargebacks'), 'chargeback_id', 'version desc, received_at desc') }}
