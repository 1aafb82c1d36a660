{{ config(tags=['star']) }}

select
    {{ territory_columns('answers') }},
    answers.obligation_id,
    obligations.obligation_fr as obligation,
    answers.obligation_order as ordre,
    obligations.asked_fr as demande,
    answers.answer as reponse,
    answers.answer_label_fr as reponse_libelle,
    answers.applies as est_applicable,
    answers.condition_code,
    case when answers.condition_code is not null then obligations.condition_fr end as condition,
    obligations.scope_fr as territoires_vises,
    territories.legal_type_label_fr as type_juridique,
    answers.population,
    answers.min_population as seuil_population,
    obligations.lever_ids as leviers,
    obligations.article_fr as article,
    obligations.url as adresse,
    obligations.text_as_of as texte_du,
    obligations.verified as est_verifie,
    obligations.caution_fr as reserve
from {{ ref('fct_territory_obligation') }} as answers
inner join {{ ref('dim_legal_obligation') }} as obligations
    on
        answers.obligation_id = obligations.obligation_id
        and answers.territory_level = obligations.territory_level
{{ join_territory('answers') }}
