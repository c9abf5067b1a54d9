"""The pages; `cms.models` names them all."""
