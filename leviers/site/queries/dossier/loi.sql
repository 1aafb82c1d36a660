-- What the law asks of a territory: what applies first, then what hangs on a condition, then what does not
-- apply.
with served as (
    select
        territoire_id,
        obligation_id,
        unnest(string_split(leviers, ' ')) as levier_id
    from vues.fait_obligation
),

named as (
    select
        served.territoire_id,
        served.obligation_id,
        list({
            'id': served.levier_id,
            'nom': levers.levier,
            'a_une_page': served.levier_id in (select readings.levier_id from vues.fait_lecture as readings)
        } order by levers.levier) as leviers
    from served
    inner join vues.dim_levier as levers on served.levier_id = levers.levier_id
    group by served.territoire_id, served.obligation_id
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
    coalesce(named.leviers, []) as leviers
from vues.fait_obligation as obligations
left join named
    on obligations.territoire_id = named.territoire_id and obligations.obligation_id = named.obligation_id
order by
    obligations.territoire_id,
    coalesce(not obligations.est_applicable, false),
    obligations.est_applicable is null,
    obligations.ordre
