-- A row per territory that has a page: where a lever is read.
select
    territories.territoire_id as cle,
    territories.niveau || '-' || territories.code_territoire as fichier,
    case
        when territories.niveau in ('region', 'departement', 'epci') then territories.niveau
        else 'groupement'
    end as genre,
    territories.territoire as titre,
    territories.*
from vues.dim_territoire as territories
semi join vues.fait_lecture as readings using (territoire_id)
order by territories.niveau, territories.code_territoire
