{{ config(tags=['hourly']) }}

{{ latest_record(ref('stg_payments'), 'payment_id', 'version desc, received_at desc') }}
