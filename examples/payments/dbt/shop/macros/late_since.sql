{#- From when on an incremental model reads again: the newest it has, less the days that records may be late. -#}
{% macro late_since(column) -%}
    (
        select coalesce(max({{ column }}), '-infinity') - interval '{{ var("late_arrival_days") | int }} days'
        from {{ this }}
    )
{%- endmacro %}
