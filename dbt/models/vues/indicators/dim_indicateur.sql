{{ config(tags=['star']) }}

with known as (
    select
        indicateur_id,
        string_agg(distinct niveau, ', ' order by niveau) as levels,
        min(annee) as first_year,
        max(annee) as last_year,
        count(distinct territoire_id) as territories
    from {{ ref('fait_observation') }}
    where est_utilisable
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
    indicators.numerator_id as numerateur_id,
    indicators.denominator_id as denominateur_id,
    indicators.same_series_as as meme_serie_que_id,
    indicators.ratio_factor as facteur_ratio,
    indicators.direction_label_fr as sens_voulu,
    known.indicateur_id is not null as a_des_valeurs,
    {{ labels_fr('territory_level', 'known.levels', ', ') }} as niveaux_avec_valeurs,
    known.first_year as premiere_annee,
    known.last_year as derniere_annee,
    coalesce(known.territories, 0) as territoires_connus,
    datasets.absent_means_label_fr as absence_veut_dire,
    indicators.dataset_id as jeu_id,
    datasets.title_fr as jeu,
    datasets.attribution as source,
    datasets.licence_label_fr as licence,
    indicators.method_fr as methode
from {{ ref('dim_indicator') }} as indicators
left join {{ ref('dim_dataset') }} as datasets on indicators.dataset_id = datasets.dataset_id
left join known on indicators.indicator_id = known.indicateur_id
