{#-
Relations `places` and `networks`: the rows of `raw_networks`, a file of heat networks, with the commune that each is in.

The identifier of a network begins with its departement (20 for both of Corsica). A code is often a postal code or the
code of a homonym: where the commune and the town have different names, the town is looked up in that departement, unless
`commune_corrections` names it. A network that stays outside its departement has an unknown commune; the first years
have no identifiers, and nothing to compare their places with.
-#}
{% macro located_networks(raw_networks, dataset_id) -%}
places as (
    select
        left(code, 2) as code_prefix,
        {{ comparable_name("name") }} as place_name,
        coalesce(parent_code, code) as commune_code
    from {{ ref('stg_etalab__communes') }}
    qualify row_number() over (
        partition by left(code, 2), {{ comparable_name("name") }}
        order by cog_year desc, code_type = 'commune' desc, code asc
    ) = 1
),

located as (
    select
        received.*,
        case
            when corrections.commune_code is not null then corrections.commune_code
            when {{ comparable_name("received.commune_name") }} <> {{ comparable_name("received.town_name") }}
                then places.commune_code
            else ({{ whole_commune("received.commune_code") }})
        end as located_code
    from {{ raw_networks }} as received
    left join {{ ref('commune_corrections') }} as corrections
        on
            corrections.dataset_id = '{{ dataset_id }}'
            and received.network_id = corrections.source_key
            and received.commune_code = corrections.received
    left join places
        on
            left(received.network_id, 2) = places.code_prefix
            and {{ comparable_name("received.town_name") }} = places.place_name
),

networks as (
    select
        * exclude (located_code),
        if(
            network_id is null
            or left(network_id, 2) = left(located_code, 2)
            or (left(network_id, 2) = '20' and left(located_code, 2) in ('2A', '2B')),
            located_code,
            'unknown'
        ) as territory_code
    from located
)
{%- endmacro %}


{#- Heat of renewable or recovered origin, waste incineration in full; an empty source gives none. -#}
{% macro renewable_heat() -%}
list_sum([
            production_biomasse_solide,
            production_biogaz,
            production_geothermie,
            production_pac,
            production_solaire_thermique,
            production_autres_enr,
            production_uiom,
            production_dechets_internes,
            production_chaleur_industriel,
            production_autre_chaleur_recuperee
        ])
{%- endmacro %}
