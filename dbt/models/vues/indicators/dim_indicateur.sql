{{ config(tags=['star']) }}

with known as (
    select
        indicateur_id,
        string_agg(distinct niveau, ', ' order by niveau) filter (where est_utilisable) as levels,
        min(annee) filter (where est_utilisable) as first_year,
        max(annee) filter (where est_utilisable) as last_year,
        count(distinct territoire_id) filter (where est_utilisable) as territories,
        bool_or(est_une_rupture) as has_break,
        bool_or(statut = 'partielle') as has_part,
        bool_or(statut = 'secrète') as has_secret,
        bool_or(statut = 'étendue inconnue') as has_unknown,
        bool_or(statut = 'estimée') as has_estimate,
        bool_or(statut = 'écartée') as has_set_aside
    from {{ ref('fait_observation') }}
    group by indicateur_id
)

select
    indicators.indicator_id as indicateur_id,
    indicators.short_code as code_indicateur,
    indicators.label_fr as indicateur,
    indicators.short_name_fr as indicateur_court,
    indicators.unit_label_fr as unite,
    indicators.display_unit_fr as unite_affichee,
    indicators.display_factor as facteur_affichage,
    indicators.display_decimals as decimales,
    indicators.compared_per_label_fr as comparaison,
    indicators.compared_unit_fr as unite_comparee,
    indicators.compared_factor as facteur_comparaison,
    indicators.is_additive as est_additif,
    case coalesce(times.time_nature, units.time_nature)
        when 'flow' then 'flux'
        when 'stock' then 'stock'
        when 'cumulative' then 'cumul'
        when 'period' then 'période'
        else 'taux'
    end as nature_temporelle,
    cast(times.first_day as date) as premier_jour,
    cast(times.last_day as date) as dernier_jour,
    case
        when indicators.is_additive then 'somme'
        when indicators.numerator_id is not null then 'rapport'
        else 'aucune'
    end as entre_territoires,
    if(indicators.is_additive and nature_temporelle = 'flux', 'somme', 'aucune') as entre_annees,
    indicators.numerator_id as numerateur_id,
    indicators.denominator_id as denominateur_id,
    indicators.same_series_as as meme_serie_que_id,
    indicators.ratio_factor as facteur_ratio,
    indicators.direction_label_fr as sens_voulu,
    coalesce(known.territories > 0, false) as a_des_valeurs,
    {{ labels_fr('territory_level', 'known.levels', ', ') }} as niveaux_avec_valeurs,
    known.first_year as premiere_annee,
    known.last_year as derniere_annee,
    coalesce(known.territories, 0) as territoires_connus,
    nullif(
        concat_ws(
            ' ',
            if(entre_territoires = 'aucune', 'territoires_sans_somme', null),
            if(entre_annees = 'aucune', 'annees_sans_somme', null),
            if(nature_temporelle = 'période', 'plusieurs_annees', null),
            if(indicators.same_series_as is not null, 'double', null),
            if(known.has_break, 'rupture', null),
            if(known.has_part, 'minorants', null),
            if(known.has_secret, 'secret', null),
            if(known.has_unknown, 'etendue_inconnue', null),
            if(known.has_estimate, 'estimations', null),
            if(known.has_set_aside, 'ecartees', null)
        ),
        ''
    ) as avertissements,
    datasets.absent_means_label_fr as absence_veut_dire,
    indicators.dataset_id as jeu_id,
    datasets.title_fr as jeu,
    datasets.attribution as source,
    datasets.licence_label_fr as licence,
    indicators.method_fr as methode
from {{ ref('dim_indicator') }} as indicators
left join {{ ref('dim_dataset') }} as datasets on indicators.dataset_id = datasets.dataset_id
left join known on indicators.indicator_id = known.indicateur_id
left join {{ ref('unit_labels') }} as units on indicators.unit = units.unit
left join {{ ref('indicator_times') }} as times on indicators.indicator_id = times.indicator_id
