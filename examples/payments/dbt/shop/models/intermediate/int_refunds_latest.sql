{{ latest_record(ref('stg_refunds'), 'refund_id', 'received_at desc') }}
