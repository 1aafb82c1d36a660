-- Obligations of a territory: those that apply first, then conditional ones, then those that do not apply.
with served_levers as (
    select
        territoire_id,
        obligation_id,
        unnest(string_split(leviers, ' ')) as levier_id
    from vues.fait_obligation
),

named_levers as (
    select
        served_levers.territoire_id,
        served_levers.obligation_id,
        list({
            'id': served_levers.levier_id,
            'nom': levers.levier,
            'a_une_page': served_levers.levier_id
            in (select readings.levier_id from vues.fait_lecture as readings)
        } order by levers.levier) as leviers
    from served_levers
    inner join vues.dim_levier as levers on served_levers.levier_id = levers.levier_id
    group by served_levers.territoire_id, served_levers.obligation_id
)

select
    obligations.territoire_id,
    obligations.obligation,
    obligations.demande,
    obligations.reponse_libelle,
    obligations.est_applicable,
    obligations.condition,
    obligations.territoires_vises,
    obligations.type_juridique,
    obligations.population,
    obligations.seuil_population,
    obligations.article,
    obligations.adresse,
    obligations.texte_du,
    obligations.est_verifie,
    obligations.reserve,
    coalesce(named_levers.leviers, []) as leviers
from vues.fait_obligation as obligations
left join named_levers
    on
        obligations.territoire_id = named_levers.territoire_id
        and obligations.obligation_id = named_levers.obligation_id
order by
    obligations.territoire_id,
    coalesce(not obligations.est_applicable, false),
    obligations.est_applicable is null,
    obligations.ordre
