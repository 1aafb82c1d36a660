-- Macros of the published file for its readers: a recode of communes, the value of a group of territories, the total of
-- a level, the scale of an amount. The names are those of the file itself: who attaches it says `use` first. An old DuckDB runs them too: see
-- the layers of models in docs/architecture.md.
create or replace macro vues.communes_de(annee) as table
select
    bridge.from_code as code_commune,
    bridge.to_code as code_actuel,
    'commune:' || bridge.to_code as territoire_id,
    communes.name as commune,
    bridge.weight as poids,
    bridge.event_label_fr as evenement
from marts.bridge_commune_cog as bridge
inner join marts.dim_territory as communes
    on
        bridge.to_code = communes.territory_code
        and communes.territory_level = 'commune'
        and bridge.to_year = communes.cog_year
where bridge.from_year = (
    select coalesce(max(known.from_year) filter (where known.from_year <= annee), min(known.from_year))
    from marts.bridge_commune_cog as known
);
comment on macro table vues.communes_de is
'Une ligne par code de commune d''une année du code officiel géographique (la plus récente qui est chargée jusqu''à elle) et commune actuelle : `poids` en est la part de la population. Une quantité se multiplie par `poids` puis se somme par `code_actuel` ; un taux ne se recode pas, ses deux termes si. Communes déléguées et arrondissements y sont.';

create or replace macro vues.valeur_du_groupe(indicateur, territoires) as table
with asked as (
    select distinct unnest(territoires) as territoire_id
),

indicator as (
    select
        indicator_id,
        coalesce(numerator_id, indicator_id) as top_id,
        denominator_id,
        ratio_factor,
        is_additive,
        unit_label_fr
    from marts.dim_indicator
    where indicator_id = indicateur
),

known as (
    select
        indicator_id,
        territory_level || ':' || territory_code as territoire_id,
        year,
        value
    from marts.fct_indicator_value
    where value is not null and not is_anomalous and not is_incomplete_year
)

select
    tops.year as annee,
    case
        when any_value(indicator.is_additive) then sum(tops.value)
        else any_value(indicator.ratio_factor) * sum(tops.value) / nullif(sum(bottoms.value), 0)
    end as valeur,
    any_value(indicator.unit_label_fr) as unite,
    case
        when any_value(indicator.is_additive) then 'somme'
        when any_value(indicator.ratio_factor) is not null then 'rapport de deux sommes'
        else 'ni somme ni rapport : le groupe n''a pas de valeur'
    end as calcul,
    count(*) as territoires_connus,
    (select count(*) from asked) as territoires_demandes
from indicator
inner join known as tops on indicator.top_id = tops.indicator_id
inner join asked on tops.territoire_id = asked.territoire_id
left join known as bottoms
    on
        indicator.denominator_id = bottoms.indicator_id
        and tops.territoire_id = bottoms.territoire_id
        and tops.year = bottoms.year
where indicator.denominator_id is null or bottoms.value is not null
group by tops.year
order by annee;
comment on macro table vues.valeur_du_groupe is
'Une ligne par année : la valeur d''un indicateur pour un groupe de territoires (liste de `territoire_id` d''un échelon, sans recouvrement). Une quantité se somme ; un rapport est la somme des numérateurs sur celle des dénominateurs, jamais une moyenne. Seuls comptent les territoires dont les deux termes sont connus : `territoires_connus` sur `territoires_demandes`.';

create or replace macro vues.total(indicateur_voulu, echelon, de, a) as (
    select
        case
            when known.entre_territoires = 'somme' and (known.entre_annees = 'somme' or de = a) then (
                select sum(observed.valeur)
                from vues.fait_observation as observed
                where
                    observed.indicateur_id = indicateur_voulu
                    and observed.niveau = echelon
                    and observed.annee between de and a
                    and observed.est_utilisable
            )
        end
    from vues.dim_indicateur as known
    where known.indicateur_id = indicateur_voulu
);
comment on macro vues.total is
'La somme d''un indicateur sur les territoires d''un seul échelon, de l''année `de` à l''année `a` ; vide si `dim_indicateur` dit que ni territoires ni années ne s''additionnent : jamais deux échelons, ni les années d''un stock. Une intercommunalité à cheval y est entière.';

create or replace macro vues.echelle(unite_du_montant, montant) as (
    select
        coalesce(
            arg_max(
                { 'unite': display_unit_fr, 'facteur': display_factor, 'decimales': display_decimals }, at_least
            ),
            { 'unite': unite_du_montant, 'facteur': 1, 'decimales': 1 }
        )
    from marts.dim_unit_scale
    where unit_label_fr = unite_du_montant and abs(montant) >= at_least
);
comment on macro vues.echelle is
'L''échelle dans laquelle un montant se lit, d''après `marts.dim_unit_scale` : `unite`, le `facteur` qui y amène et les `decimales` ; l''unité du montant elle-même si aucune ne lui va.';

create or replace macro vues.tonnes_d_une_action(une_action, un_territoire, une_quantite) as table
with asked as (
    select
        conversions.*,
        parts.territoire_id,
        parts.part_ktco2e,
        conversions.quantite_2019 * parts.part_pct / 100 as stock,
        une_quantite::double as quantite,
        case
            when conversions.motif_refus is not null then conversions.motif_refus
            when coalesce(une_quantite::double < 0 or not isfinite(une_quantite::double), true)
                then 'Attendu : une quantité positive.'
            when une_quantite::double > conversions.quantite_2019 * parts.part_pct / 100
                then 'Plus que le niveau de 2019 ici.'
        end as refus
    from vues.fait_conversion as conversions
    inner join vues.fait_part as parts
        on
            conversions.levier_id = parts.levier_id
            and conversions.region_id = parts.region_id
    where conversions.action_id = une_action and parts.territoire_id = un_territoire
)

select
    action_id,
    libelle,
    levier_id,
    territoire_id,
    region_id,
    quantite,
    unite,
    stock as quantite_2019,
    if(refus is null, quantite * t_par_unite, null) as tonnes,
    if(refus is null, quantite * t_par_unite / nullif(part_ktco2e, 0) / 10, null) as part_couverte_pct,
    if(refus is null, greatest(0, 1000 * part_ktco2e - quantite * t_par_unite), null) as reste_tonnes,
    if(refus is null, greatest(0, 1000 * part_ktco2e / t_par_unite - quantite), null) as reste_quantite,
    t_par_unite,
    t_par_unite_second_facteur,
    source_second_facteur,
    refus
from asked;
comment on macro table vues.tonnes_d_une_action is
'Une ligne par région du territoire : les tonnes de CO2 par an qu''une quantité d''une action (`action_id` de `vues.fait_conversion`) évite, la part couverte et ce qui reste, moins ce qui est déjà fait depuis 2019 ; ou le refus et son motif.';

create or replace macro vues.quantite_pour_tonnes(une_action, un_territoire, des_tonnes) as table
select
    conversions.action_id,
    parts.territoire_id,
    conversions.region_id,
    des_tonnes::double / conversions.t_par_unite as quantite,
    conversions.unite,
    conversions.motif_refus as refus
from vues.fait_conversion as conversions
inner join vues.fait_part as parts
    on
        conversions.levier_id = parts.levier_id
        and conversions.region_id = parts.region_id
where conversions.action_id = une_action and parts.territoire_id = un_territoire;
comment on macro table vues.quantite_pour_tonnes is
'L''inverse de `vues.tonnes_d_une_action` : la quantité de l''action qui évite ces tonnes de CO2 par an ; ou pourquoi elle n''est pas convertie.';
