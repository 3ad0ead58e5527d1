{#- Amounts are integers in minor units; every rounding of the project is here. -#}

{% macro fee_minor(amount_minor, fee_bps, fee_fixed_minor) -%}
    (({{ amount_minor }} * {{ fee_bps }} + 5000) / 10000 + {{ fee_fixed_minor }})::bigint
{%- endmacro %}

{% macro to_major(amount_minor, decimals=2) -%}
    round({{ amount_minor }} / power(10, {{ decimals }})::numeric, {{ decimals }})
{%- endmacro %}
