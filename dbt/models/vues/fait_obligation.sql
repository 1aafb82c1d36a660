{{ config(tags=['star']) }}

select
    {{ place_columns('asked') }},
    asked.obligation_id,
    obligations.obligation_fr as obligation,
    asked.obligation_order as ordre,
    obligations.asked_fr as demande,
    asked.answer as reponse,
    asked.answer_label_fr as reponse_libelle,
    asked.applies as est_applicable,
    asked.condition_code,
    case when asked.condition_code is not null then obligations.condition_fr end as condition,
    obligations.scope_fr as territoires_vises,
    territories.legal_type_label_fr as type_juridique,
    asked.population,
    asked.min_population as seuil_population,
    obligations.lever_ids as leviers,
    obligations.article_fr as article,
    obligations.url as adresse,
    obligations.text_as_of as texte_du,
    obligations.verified as est_verifie,
    obligations.caution_fr as reserve
from {{ ref('fct_territory_obligation') }} as asked
inner join {{ ref('dim_legal_obligation') }} as obligations
    on
        asked.obligation_id = obligations.obligation_id
        and asked.territory_level = obligations.territory_level
{{ join_place('asked') }}
