select
    obligations.obligation_id,
    obligations.territory_level,
    obligations.obligation_order,
    obligations.obligation_fr,
    obligations.asked_fr,
    obligations.condition_code,
    obligations.condition_fr,
    obligations.legal_types,
    obligations.min_population,
    obligations.legal_types_of_any_size,
    obligations.except_region_codes,
    coalesce(
        nullif(
            concat_ws(
                ' ; ',
                {{ labels_fr('legal_type', 'obligations.legal_types', ' ') }},
                'plus de ' || {{ number_fr('cast(obligations.min_population as double)') }} || ' habitants',
                'sans seuil : ' || {{ labels_fr('legal_type', 'obligations.legal_types_of_any_size', ' ') }}
            ),
            ''
        ),
        'de toute taille'
    ) as scope_fr,
    obligations.lever_ids,
    obligations.article_fr,
    obligations.url,
    obligations.text_as_of,
    obligations.verified,
    obligations.caution_fr,
    obligations.source,
    {{ label_fr('territory_level', 'obligations.territory_level') }} as level_label_fr
from {{ ref('legal_obligations') }} as obligations
