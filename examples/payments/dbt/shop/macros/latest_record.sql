{#- Keeps the newest version of each key; sources deliver late and twice. -#}
{% macro latest_record(relation, key, newest_first) %}
select *
from (
    select
        *,
        row_number() over (partition by {{ key }} order by {{ newest_first }}) as record_rank
    from {{ relation }}
) as ranked
where record_rank = 1
{% endmacro %}
