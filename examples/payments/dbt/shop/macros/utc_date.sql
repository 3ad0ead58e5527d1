{#- The business day of a moment. The business day is the UTC day, whatever the session's time zone. -#}
{% macro utc_date(moment) -%}
    ({{ moment }} at time zone 'UTC')::date
{%- endmacro %}
